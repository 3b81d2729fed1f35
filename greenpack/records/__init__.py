"""Verdicts to rows: tables, migrations, the append-only ledger, evidence files and queries."""
