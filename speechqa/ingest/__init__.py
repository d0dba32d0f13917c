"""From paths and manifests to the calls they name: what is a recording, and what is known of it."""
