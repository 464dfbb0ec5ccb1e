"""Login services beside Gatehouse, each set up by its own manual: see README.md in the folder above."""
