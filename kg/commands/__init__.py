"""The subcommands of ``kg``: each module prints, none computes."""
