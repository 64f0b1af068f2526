"""视频: cameras in slots."""
