"""Deployments as data (部署): reading, checking and drawing a profile."""
