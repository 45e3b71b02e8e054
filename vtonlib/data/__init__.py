"""From files to tensors: data sets, label sets, key points and person representations."""
