"""The elements of a 公文 (GB/T 9704-2012) and its heading tree."""
