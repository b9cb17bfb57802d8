"""The event collector: HTTP in, durable JSONL segments out; 200 means that the bytes are on disk.

Belongs here: who may send, what an event looks like at the door, the log that acknowledged events lie in,
and how the process tells about itself. Does not belong here: the warehouse. What the collector writes is
read by `ingestion.readers.jsonl`, like any other folder of event files.
"""
