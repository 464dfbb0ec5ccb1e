/// How a visitor's request came to nginx.
#pragma once

namespace gatehouse::http {

enum class Transport : bool { plain, tls };

}  // namespace gatehouse::http
