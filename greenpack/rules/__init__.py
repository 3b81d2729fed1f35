"""Numbers -> verdicts: jurisdictions' rules as TOML profiles, and the judging of a parcel."""
