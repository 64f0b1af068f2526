"""The dispatch desk (派遣) and, for the other roles, their own work at the same place."""
