"""Parcels: opened cartons, closed boxes, mailers and tubes, with their tape and waybills."""
