"""Values and rules of urban grid governance: frozen dataclasses, enums, errors."""
