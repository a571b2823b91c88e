/** Micro-benchmarks of what each push goes through; those of package-private classes are in the packages of these. */
@NullMarked
package io.lanying.micro;

import org.jspecify.annotations.NullMarked;
