# Two subsets of one service, told apart by what their instances say of themselves. Who asks for neither gets v1, so that
# starting v2 changes nothing for anybody.
Kind          = "service-resolver"
Name          = "payments"
DefaultSubset = "v1"

Subsets = {
  v1 = {
    Filter = "Service.Meta.version == 1"
  }

  v2 = {
    Filter = "Service.Meta.version == 2"
  }
}
