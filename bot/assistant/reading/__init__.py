"""The grammar: what stands in a text, read part by part. A reader takes what it has read out of the text.

Each reader is a function of a `Text` that returns slots. The order matters: what is surest comes first.
"""
