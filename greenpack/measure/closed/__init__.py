"""Closed parcels: outer sizes in millimetres from one photo."""
