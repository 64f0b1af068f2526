"""Everything that speaks SQL: schema, gateways, the live feed and the server itself."""
