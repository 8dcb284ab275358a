"""The commands of `banc`, one module each: SUMMARY, add_arguments(parser), run(arguments) -> exit code."""
