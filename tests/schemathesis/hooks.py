"""What Schemathesis takes for invalid data but is none."""

import schemathesis


@schemathesis.hook
def filter_case(context, case):
    """Passes over invalid data with an empty parameter, or with white space around one.

    An empty parameter of a query counts as absent, and one of a form clears its field or takes its default; white space around
    a value does not count. A schema of the parameter's type and length cannot say so.
    """
    if case.meta is None or not case.meta.generation.mode.is_negative:
        return True
    return not any(is_trimmed(value) for part in (case.query, case.body) if isinstance(part, dict) for value in part.values())


def is_trimmed(value):
    """Whether something of a value gets lost: lists, objects and nothing at all may be written as an empty text."""
    if isinstance(value, dict):
        # Of an object in a query its names are written.
        value = [*value, *value.values()]
    if isinstance(value, list):
        return not value or any(is_trimmed(item) for item in value)
    return value is None or isinstance(value, str) and (not value or value != value.strip())
