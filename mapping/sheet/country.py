"""stub"""
def lay_country(content):
    raise NotImplementedError
