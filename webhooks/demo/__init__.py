"""The demo county: invented people in a place that does not exist, on the sandbox's phones."""
