package io.lanying.http.json;

/**
 * What is wrong with one field of a request.
 *
 * @param pointer the field as a JSON pointer (RFC 6901); empty for the whole document
 * @param code one of {@code required}, {@code unknown}, {@code type}, {@code format}, {@code range}, {@code duplicate},
 *     {@code unsupported}
 * @param detail for people
 */
public record FieldError(String pointer, String code, String detail) {}
