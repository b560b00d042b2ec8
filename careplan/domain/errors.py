"""The base of all errors that the product names."""


class CareplanError(Exception):
    """A rule of the product said no. Its class and fields say why; the words for people are made at the edge."""
