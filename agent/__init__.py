"""The verbs of Inweight: chat, write pairs, distil, measure, promote. Knows `storage`, never `ui`."""
