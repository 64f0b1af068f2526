"""Cameras of sample cities: generated street scenes, served over RTSP on this machine alone."""
