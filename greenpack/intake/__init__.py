"""Bytes become an upright photo with its time and checksum; codes and tables become waybills.

Import from the modules: ``intake.photo``, ``intake.sources``, ``intake.limits``,
``intake.waybill_number``, ``intake.barcode`` and ``intake.waybill_csv``. This file imports none of
them, so that reading a table does not load an image library.
"""
