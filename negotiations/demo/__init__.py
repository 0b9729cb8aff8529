"""The demo content: believable rounds of real organisations with invented people, figures and promises."""
