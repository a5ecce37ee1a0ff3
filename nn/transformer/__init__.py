"""Transformers: embeddings, attention, blocks of both, and a small GPT."""
