"""Reusable Qt parts that know nothing of cases."""
