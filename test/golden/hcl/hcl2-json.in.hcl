{"container": {}}
