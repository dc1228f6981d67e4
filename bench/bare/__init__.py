"""A bare Django project with startproject's middleware: what the same server does without a product."""
