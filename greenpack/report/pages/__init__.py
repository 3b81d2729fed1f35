"""The pages of the Streamlit report. They only draw; what they draw is made in ``report``."""
