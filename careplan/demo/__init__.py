"""The demonstration: a made-up clinic with a year behind it, and the made-up person of previews."""
