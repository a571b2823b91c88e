// Everything comes from this server: no validator badge, no fonts, no outside addresses.
window.addEventListener("load", function () {
  SwaggerUIBundle({
    url: "openapi.yaml",
    dom_id: "#ui",
    deepLinking: false,
    validatorUrl: null,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    persistAuthorization: false,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
