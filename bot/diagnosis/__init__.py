"""What is wrong? Pure: text and findings in, identification, verdict and plan out."""
