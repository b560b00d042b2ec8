"""FHIR R4 in and out; nothing else knows FHIR JSON."""
