"""Forms generated from the workflow data, and the intake of a case from the keyboard."""
