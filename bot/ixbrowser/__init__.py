"""All that is known of ixBrowser's Local API: its requests, its answers and its faults."""
