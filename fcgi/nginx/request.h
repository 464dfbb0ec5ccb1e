/// A request on its way through a configuration, and where such ways end.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nginx/site.h"

namespace gatehouse::nginx {

/// A text with variables after their replacement. Variables whose value only a real request has,
/// such as a header, stay in it as `${name}`.
struct Text {
  std::string value;
  bool known = true;  ///< no variable stayed
};

/// One thing that happened to a request. The rules read the list of steps to say why a way is open.
struct Step {
  enum class Kind {
    chosen,         ///< nginx took this location
    rewritten,      ///< this directive gave it another address, or answered it
    fell_back,      ///< this try_files led to its last argument
    indexed,        ///< an index file was taken for a folder
    error_page,     ///< this error_page took over
    asked,          ///< this line asked somebody, who agreed
    satisfied,      ///< this `allow` let it in, and `satisfy any` makes that enough
    taken_for_yes,  ///< this auth_request was answered yes by what is not made to judge
    refused,        ///< this directive refused it
  };
  Kind kind;
  const Level* level = nullptr;
  const Directive* directive = nullptr;
};

/// A request somewhere on its way. It is copied wherever a way forks.
struct Request {
  const Level* server = nullptr;
  const Level* level = nullptr;     ///< the location that it is in, or the `if` in it
  std::string uri;                  ///< the address now, decoded: nginx's $uri
  std::string asked_uri;            ///< the address that the visitor asked for
  std::vector<std::string> groups;  ///< those of the expression that matched last: $1 and so on
  std::map<std::string, Text> variables;  ///< what `set` and named groups have set
  int turns = 10;                         ///< how many internal redirects nginx still allows
  bool uri_changed = false;    ///< a rewrite changed the address since the location was chosen
  bool internal = false;       ///< nginx made this address itself, so `internal` does not refuse it
  bool in_error_page = false;  ///< an error page is under way; a second error starts none
  std::string existing;        ///< the address of an index file that is assumed to be there
  std::optional<int> status;   ///< the status that error_page gives to what follows
  std::vector<Step> way;       ///< what happened so far, in order

  /// The last step of this kind; null if there was none.
  [[nodiscard]] const Step* last(Step::Kind kind) const;
  [[nodiscard]] bool has(Step::Kind kind) const { return last(kind) != nullptr; }
  /// True if the server's own rewrite led to another address before any location was chosen.
  [[nodiscard]] bool was_rewritten_first() const {
    return !way.empty() && way.front().kind == Step::Kind::rewritten;
  }
  /// The location that the visitor's own address led to.
  [[nodiscard]] const Level& first_level() const;
};

/// A thing that a visitor gets to see. Its name does not depend on the way to it, so that two ways
/// to one file or one page of an application can be compared.
struct Resource {
  enum class Kind {
    file,       ///< a file; its name is its path
    script,     ///< a script that PHP runs; its name is the path of its file
    proxied,    ///< a page of an application; its name is "SERVER PATH"
    text,       ///< the text of a `return`
    listing,    ///< the listing of a folder; its name is the folder's path
    other,      ///< another handler of nginx's; its name is the directive's
    gatehouse,  ///< Gatehouse's API
    question,   ///< Gatehouse's answer to auth_request
  };
  Kind kind = Kind::other;
  std::string name;

  /// True if both are the same thing. A file and the script in it are.
  [[nodiscard]] bool same_as(const Resource& other) const;
};

/// The end of one way of a request, and the request with all its steps.
struct Ending {
  enum class Kind { content, redirect, status };
  Kind kind = Kind::status;
  int status = 0;
  Resource resource;
  Request request;
};

/// Replaces the variables whose values are known.
[[nodiscard]] Text expand(std::string_view text, const Request& request);
/// All texts that `text` may become. A variable of a `map` becomes each value whose row may match,
/// up to 64 texts in all.
[[nodiscard]] std::vector<Text> alternatives(std::string_view text, const Request& request,
                                             const Site& site);

/// The path of the file that an address names, by the `root` or `alias` that holds at the request's
/// location.
[[nodiscard]] Text file_path(std::string_view uri, const Request& request);
/// The path without `//`, `/./` and `/../`.
[[nodiscard]] std::string normal_path(std::string_view path);

}  // namespace gatehouse::nginx
