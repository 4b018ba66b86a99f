"""The checklist to take along: each document is made from one outline."""
