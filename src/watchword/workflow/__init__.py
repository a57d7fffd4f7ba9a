"""Arazzo documents read and run: the effects that OpenAPI cannot say. Judges single exchanges nowhere."""
