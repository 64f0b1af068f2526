"""拟哨, 拟令 and the 公文: what a whistle desk and a dispatch desk both open."""
