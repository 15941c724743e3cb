// The types of Microsoft Graph that cross the wire here; schema.py turns them into JSON Schema.
import type * as graph from "@microsoft/microsoft-graph-types";

export interface Wire {
  message: graph.Message;
  mailFolder: graph.MailFolder;
  attachment: graph.Attachment;
  fileAttachment: graph.FileAttachment;
  itemAttachment: graph.ItemAttachment;
  attachmentItem: graph.AttachmentItem;
  uploadSession: graph.UploadSession;
  subscription: graph.Subscription;
  changeNotificationCollection: graph.ChangeNotificationCollection;
  convertIdResult: graph.ConvertIdResult;
  exchangeIdFormat: graph.ExchangeIdFormat;
  user: Pick<graph.User, "id" | "displayName" | "mail" | "userPrincipalName">;
  driveItem: Pick<graph.DriveItem, "id" | "name" | "cTag" | "eTag" | "size" | "parentReference">;
  site: Pick<graph.Site, "id" | "name">;
  sessionInfo: graph.WorkbookSessionInfo;
  tableColumn: graph.WorkbookTableColumn;
  tableRow: graph.WorkbookTableRow;
  functionResult: graph.WorkbookFunctionResult;
  recipient: graph.Recipient;
  event: graph.Event;
  calendar: graph.Calendar;
  todoTask: graph.TodoTask;
  todoTaskList: graph.TodoTaskList;
  chatMessage: graph.ChatMessage;
  publicError: graph.PublicError;
}
