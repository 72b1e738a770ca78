"""Settings of all tests."""

from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code: examples have no deadline.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
