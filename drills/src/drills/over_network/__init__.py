"""petinsurance as it is, with its database listening on the network: what its inventory then says."""
