"""An API that lost its check of rights, which only a drill starts: petinsurance's own asks whose a policy is."""
