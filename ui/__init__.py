"""The page: what a person sees and touches in the browser.

Knows the service and the stored records it hands out. Knows no torch, no SQL and no network.
"""
