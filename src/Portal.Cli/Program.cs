using Portal.Cli;

var parsed = PortalCommand.Make().Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
