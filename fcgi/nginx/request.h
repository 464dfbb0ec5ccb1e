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

/// What a template became. Variables that only a real request has stand in it as `${name}`.
struct Text {
  std::string value;
  bool known = true;  ///< there are none of those
};

/// What happened to a request, in its order.
struct Step {
  enum class Kind {
    chosen,         ///< nginx took this location
    rewritten,      ///< by this directive, to another address
    fell_back,      ///< to the last argument of this try_files
    indexed,        ///< to an index file
    error_page,     ///< this one
    asked,          ///< somebody was asked here, and agreed
    satisfied,      ///< let in by this `allow`, since any is enough
    taken_for_yes,  ///< this auth_request was answered by what is not made to judge
    refused,        ///< by this directive
  };
  Kind kind;
  const Level* level = nullptr;
  const Directive* directive = nullptr;
};

struct Request {
  const Level* server = nullptr;
  const Level* level = nullptr;  ///< the location that it is in
  std::string uri;               ///< decoded
  std::string asked_uri;         ///< as the visitor asked for it
  std::vector<std::string> groups;
  std::map<std::string, Text> variables;  ///< of `set` and of named groups
  int turns = 10;                         ///< nginx's limit of redirects inside
  bool uri_changed = false;               ///< by a rewrite since the location was chosen
  bool internal = false;
  bool in_error_page = false;
  std::string existing;       ///< an index file that nginx has found
  std::optional<int> status;  ///< what error_page has made of it
  std::vector<Step> way;

  [[nodiscard]] const Step* last(Step::Kind kind) const;
  [[nodiscard]] bool has(Step::Kind kind) const { return last(kind) != nullptr; }
  /// Whether the server itself led to another address before any location was chosen.
  [[nodiscard]] bool was_rewritten_first() const {
    return !way.empty() && way.front().kind == Step::Kind::rewritten;
  }
  /// The location that the visitor's own address led to.
  [[nodiscard]] const Level& first_level() const;
};

/// What a visitor gets to see, named so that two ways to the same thing can be compared.
struct Resource {
  enum class Kind {
    file,       ///< by its path
    script,     ///< by the path of the file that PHP runs
    proxied,    ///< by upstream and the address there
    text,       ///< of `return`
    listing,    ///< of a folder, by its path
    other,      ///< another handler of nginx's, by its name
    gatehouse,  ///< the API
    question,   ///< Gatehouse's answer to auth_request
  };
  Kind kind = Kind::other;
  std::string name;

  /// A file and the script in it are the same thing.
  [[nodiscard]] bool same_as(const Resource& other) const;
};

struct Ending {
  enum class Kind { content, redirect, status };
  Kind kind = Kind::status;
  int status = 0;
  Resource resource;
  Request request;
};

/// Puts known values in the place of variables.
[[nodiscard]] Text expand(std::string_view text, const Request& request);
/// Every text that this may become: a variable of a `map` stands for each of its values.
[[nodiscard]] std::vector<Text> alternatives(std::string_view text, const Request& request,
                                             const Site& site);

/// The path of a file for an address, by `root` and `alias` of the request's location.
[[nodiscard]] Text file_path(std::string_view uri, const Request& request);
/// Without `//`, `/./` and `/../`.
[[nodiscard]] std::string normal_path(std::string_view path);

}  // namespace gatehouse::nginx
