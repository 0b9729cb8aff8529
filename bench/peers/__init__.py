"""What pages are measured against: references on the same server, and what people would pick instead."""
