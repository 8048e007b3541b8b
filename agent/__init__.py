"""The verbs of Inweight: chat, write pairs, distil, measure, promote."""
