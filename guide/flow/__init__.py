"""The flow: what a guide is and where a visitor stands in it. Pure Python."""
